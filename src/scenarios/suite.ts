import { baselineLoad, defineScenario, spikeLoad, stressLoad } from 'k6-llm/k6';

const scenario = defineScenario({
  name: 'suite',
  load: [
    { name: 'baseline', load: baselineLoad() },
    { name: 'spike', load: spikeLoad() },
    { name: 'stress', load: stressLoad() },
  ],
});

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
