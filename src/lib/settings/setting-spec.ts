import type { Parse } from '../parse/values.ts';

/**
 * What else a setting is:
 * - `secret`: never printed or written, shown as `(set)`;
 * - `options`: k6's options are built from it, so it may not change after `k6 archive`;
 * - `vu`: requests are made by it, so each VU has a copy; what no VU needs costs none of them memory;
 * - `comparison`: it decides what is asked of a server, so two runs that differ in it answer different questions;
 * - `parts`: the machines of one run must share it;
 * - `file`: it names a file of this machine;
 * - `local`: it means nothing where no process of ours runs and no file can be written.
 */
export type Trait = 'secret' | 'options' | 'vu' | 'comparison' | 'parts' | 'file' | 'local';

/** One environment variable. */
export type SettingSpec<Field extends string | null, Value, Has extends Trait> = {
  /** Its name among `Settings`; null where that is made from more than this variable. */
  field: Field;
  traits: readonly Has[];
  /** Used when the variable is unset or empty. */
  defaultText: string;
  parse: Parse<Value>;
  /** One line for docs and `k6-llm doctor`. */
  meaning: string;
};

/** A setting for the catalog; its default is empty unless told. */
export function setting<const Field extends string | null, Value, const Has extends Trait = never>(
  field: Field,
  traits: readonly Has[],
  { defaultText = '', parse, meaning }: { defaultText?: string; parse: Parse<Value>; meaning: string },
): SettingSpec<Field, Value, Has> {
  return { field, traits, defaultText, parse, meaning };
}
