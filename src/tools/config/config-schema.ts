import { CATALOG, hasTrait, SETTING_NAMES } from '../../lib/settings/catalog.ts';
import { settingKey } from './setting-key.ts';

/** The JSON schema of `k6-llm.config.json`, from the catalog of settings: editors complete names by it. */
export function configSchema(): object {
  const settings = SETTING_NAMES.filter((name) => !hasTrait(name, 'secret')).map((name) => {
    const { meaning, defaultText } = CATALOG[name];
    return [
      settingKey(name),
      {
        description: `${meaning} (${name})`,
        ...(defaultText === '' ? {} : { default: defaultText }),
        type: typesOf(name),
      },
    ] as const;
  });
  const set = Object.fromEntries(settings);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of k6-llm',
    description: 'k6-llm.config.json: settings by name without LLM_, and sets of them by name. Never a key.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...set,
      profiles: {
        description: 'Sets of settings for k6-llm run --profile NAME; each wins over what stands outside.',
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: false, properties: set },
      },
    },
  };
}

/** A few settings may be spelt as lists or objects, too. */
function typesOf(name: string): readonly string[] {
  const plain = ['string', 'number', 'boolean'];
  return ['LLM_MIX', 'LLM_SLO', 'LLM_EXTRA_BODY'].includes(name)
    ? [...plain, 'object', 'array']
    : [...plain, 'array'];
}
