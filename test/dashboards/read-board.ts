import { isRecord } from '../../src/lib/parse/json.ts';

export type BoardTarget = { refId: string; query: string; datasource: unknown };

export type ReadPanel = {
  id: number;
  type: string;
  title: string;
  description: string;
  unit: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: unknown;
  targets: BoardTarget[];
};

export type Board = {
  panels: ReadPanel[];
  /** Those that query: all but the rows. */
  dataPanels: ReadPanel[];
  variables: { name: string; type: string; query: string; datasource: unknown }[];
};

/** A dashboard's JSON as tests look at it. Throws where Grafana would find nothing to show. */
export function readBoard(text: string): Board {
  const board = record(JSON.parse(text));
  const panels = list(board['panels']).map((each) => panel(record(each)));
  const variables = list(record(board['templating'])['list']).map((each) => {
    const variable = record(each);
    const { datasource } = variable;
    return {
      name: string(variable['name']),
      type: string(variable['type']),
      query: string(variable['query']),
      datasource,
    };
  });
  return { panels, dataPanels: panels.filter((each) => each.type !== 'row'), variables };
}

function panel(each: Record<string, unknown>): ReadPanel {
  const place = record(each['gridPos']);
  const defaults = isRecord(each['fieldConfig']) ? record(each['fieldConfig']['defaults']) : {};
  return {
    id: number(each['id']),
    type: string(each['type']),
    title: string(each['title']),
    description: string(each['description'] ?? ''),
    unit: string(defaults['unit'] ?? ''),
    gridPos: { x: number(place['x']), y: number(place['y']), w: number(place['w']), h: number(place['h']) },
    datasource: each['datasource'],
    targets: list(each['targets'] ?? []).map((target) => {
      const { refId, query, expr, datasource } = record(target);
      return { refId: string(refId), query: string(query ?? expr), datasource };
    }),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new Error(`expected an object, got ${JSON.stringify(value)}`);
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`expected a list, got ${JSON.stringify(value)}`);
}

function string(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`expected text, got ${JSON.stringify(value)}`);
}

function number(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`expected a number, got ${JSON.stringify(value)}`);
}
