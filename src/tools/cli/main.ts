#!/usr/bin/env node
import { hint } from '../../lib/parse/did-you-mean.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { projectVersion } from '../project-root.ts';
import { NotWritten } from '../results/folder/write-whole.ts';
import { type Command, EXIT_USAGE, UsageError } from './define-command.ts';

type CommandEntry = { summary: string; load: () => Promise<Command> };

/** A command that reads settings: files may hold them, too. */
function configured(load: () => Promise<Command>): () => Promise<Command> {
  return async () => (await import('../config/with-config.ts')).withConfig(await load());
}

/** Every command, loaded when it is called: `report` alone is larger than all others together. */
const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>(
  Object.entries({
    demo: {
      summary: 'build trust in two minutes: load-test a mock LLM',
      load: async () => (await import('../demo/command.ts')).command,
    },
    run: {
      summary: 'run a scenario with k6',
      load: configured(async () => (await import('../run/command.ts')).command),
    },
    new: {
      summary: 'write a scenario of your own to begin with',
      load: async () => (await import('../new/command.ts')).command,
    },
    build: {
      summary: 'bundle a scenario of your own for k6',
      load: async () => (await import('../build/command.ts')).command,
    },
    mock: {
      summary: 'serve a mock LLM API with exact timing and faults',
      load: async () => (await import('../mock/command.ts')).command,
    },
    meter: {
      summary: 'measure streams between k6 and a server',
      load: configured(async () => (await import('../meter/command.ts')).command),
    },
    record: {
      summary: 'record what a client asks, as sessions to replay',
      load: async () => (await import('../record/command.ts')).command,
    },
    doctor: {
      summary: 'show k6, settings, target and what would be sent',
      load: configured(async () => (await import('../doctor/command.ts')).command),
    },
    explain: {
      summary: 'show what a recorded stream would count as, and why',
      load: async () => (await import('../explain/command.ts')).command,
    },
    search: {
      summary: 'find the highest load that keeps a service level',
      load: configured(async () => (await import('../search/command.ts')).command),
    },
    report: {
      summary: 'make report.html from one or more runs',
      load: async () => (await import('../report/command.ts')).command,
    },
    compare: {
      summary: 'compare runs, and gate on a regression',
      load: async () => (await import('../compare/command.ts')).command,
    },
    ab: {
      summary: 'compare providers, each prompt to every one of them',
      load: configured(async () => (await import('../ab/command.ts')).command),
    },
    forecast: {
      summary: 'tell what requests cost by day and month',
      load: configured(async () => (await import('../forecast/command.ts')).command),
    },
    k6: {
      summary: 'be k6, with a meter beside it: for images (k6 operator)',
      load: async () => (await import('../k6-beside-meter/command.ts')).command,
    },
    prices: {
      summary: 'bring data/prices.json up to date from LiteLLM’s price file',
      load: async () => (await import('../prices/command.ts')).command,
    },
    list: {
      summary: 'list the runs in results/',
      load: async () => (await import('../list/command.ts')).command,
    },
    completion: {
      summary: 'write a script for completion in bash, zsh or fish',
      load: async () => (await import('../completion/command.ts')).completionCommand(COMMANDS),
    },
  }),
);

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview());
    return name === undefined ? EXIT_USAGE : 0;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    console.log(`k6-llm ${projectVersion()}`);
    return 0;
  }
  const entry = COMMANDS.get(name);
  if (entry === undefined) {
    console.error(
      `k6-llm: there is no command "${name}"${hint(name, [...COMMANDS.keys()])}\n\n${overview()}`,
    );
    return EXIT_USAGE;
  }
  const command = await entry.load();
  const own = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : undefined);
  if (own.includes('--help') || own.includes('-h')) {
    console.log(command.help);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`k6-llm ${name}: ${error.message}\n\nSee k6-llm ${name} --help`);
      return EXIT_USAGE;
    }
    if (error instanceof ConfigError || error instanceof NotWritten) {
      console.error(`k6-llm ${name}: ${error.message}`);
      return EXIT_USAGE;
    }
    throw error;
  }
}

function overview(): string {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length)) + 2;
  return [
    'Load testing for LLM APIs on k6.',
    '',
    'Usage: k6-llm <command> [flags]',
    '',
    ...[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`),
    '',
    'k6-llm <command> --help tells more; k6-llm --version tells which it is.',
    'Settings are environment variables: docs/settings.md.',
  ].join('\n');
}

// A reader that goes away (k6-llm … | head) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
