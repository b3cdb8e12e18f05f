/**
 * What a record holds under a name from outside: a server, a file, a person. `record[name]` would also find what every
 * object inherits: a model may be called `constructor`, a metric `toString`. undefined when it holds nothing.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
