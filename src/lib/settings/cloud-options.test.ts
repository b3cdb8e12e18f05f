import { describe, expect, test } from 'vitest';
import { cloudOptions, parseCloudId, parseLoadZones } from './cloud-options.ts';
import { ConfigError } from '../parse/config-error.ts';

describe('LLM_CLOUD_ZONES', () => {
  test.each([
    ['', []],
    ['amazon:us:ashburn', [['amazon:us:ashburn', 100]]],
    [
      'amazon:us:ashburn, amazon:de:frankfurt',
      [
        ['amazon:us:ashburn', 50],
        ['amazon:de:frankfurt', 50],
      ],
    ],
    [
      'amazon:us:ashburn=60,amazon:de:frankfurt=40',
      [
        ['amazon:us:ashburn', 60],
        ['amazon:de:frankfurt', 40],
      ],
    ],
    [
      'amazon:us:ashburn=60,amazon:de:frankfurt,amazon:jp:tokyo',
      [
        ['amazon:us:ashburn', 60],
        ['amazon:de:frankfurt', 20],
        ['amazon:jp:tokyo', 20],
      ],
    ],
  ])('%j', (text, expected) => {
    const zones = parseLoadZones(text, 'LLM_CLOUD_ZONES');
    expect(zones.map(({ zone, percent }) => [zone, percent])).toEqual(expected);
  });

  test.each([
    'ashburn',
    'amazon:us:ashburn=60',
    'amazon:us:ashburn=60,amazon:de:frankfurt=50',
    'amazon:us:ashburn=0,amazon:de:frankfurt=100',
    'amazon:us:ashburn=100,amazon:de:frankfurt',
    'amazon:us:ashburn=a',
    'amazon:us:ashburn=50=50',
    'amazon:us:ashburn,amazon:us:ashburn',
    'amazon:us:ashburn,',
    ',',
  ])('refuses %j and shows a line that works', (text) => {
    expect(() => parseLoadZones(text, 'LLM_CLOUD_ZONES')).toThrow(ConfigError);
    expect(() => parseLoadZones(text, 'LLM_CLOUD_ZONES')).toThrow(
      /write LLM_CLOUD_ZONES=amazon:us:ashburn=60/,
    );
  });
});

test('LLM_CLOUD_PROJECT is a number above 0, or not set', () => {
  expect(parseCloudId('', 'LLM_CLOUD_PROJECT')).toBeNull();
  expect(parseCloudId(' 3456789 ', 'LLM_CLOUD_PROJECT')).toBe(3_456_789);
  for (const wrong of ['0', '-1', '1.5', 'my-project']) {
    expect(() => parseCloudId(wrong, 'LLM_CLOUD_PROJECT')).toThrow(/LLM_CLOUD_PROJECT/);
  }
});

test('nothing set: only a name, so that the cloud lists runs of a scenario together', () => {
  const none = { projectId: null, name: null, stackId: null, zones: [] };
  expect(cloudOptions(none, 'stress')).toEqual({ name: 'LLM stress' });
});

test('all set', () => {
  const zones = parseLoadZones('amazon:us:ashburn=60,amazon:de:frankfurt=40', 'LLM_CLOUD_ZONES');
  expect(cloudOptions({ projectId: 12, name: 'Chat before launch', stackId: 34, zones }, 'stress')).toEqual({
    name: 'Chat before launch',
    projectID: 12,
    stackID: 34,
    distribution: {
      'amazon-us-ashburn': { loadZone: 'amazon:us:ashburn', percent: 60 },
      'amazon-de-frankfurt': { loadZone: 'amazon:de:frankfurt', percent: 40 },
    },
  });
});
