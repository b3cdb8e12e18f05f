// The least that a reader of k6's JSON output can do: read a file's lines and parse each.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

let points = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Infinity })) {
  if (JSON.parse(line).type === 'Point') points += 1;
}
console.log(points);
