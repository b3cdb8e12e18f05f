/** Of so many requests one shows a picture, unless nearly none does. */
const LOOKED_AT = 200;

/**
 * The run's first request that shows pictures; its first of all where none of many does. A model that takes no pictures
 * answers a request without them.
 *
 * @param open request i.
 */
export function firstShown<Request extends { pictures: readonly string[] }>(
  open: (index: number) => Request,
): Request {
  const first = open(0);
  if (first.pictures.length > 0) return first;
  for (let index = 1; index < LOOKED_AT; index++) {
    const next = open(index);
    if (next.pictures.length > 0) return next;
  }
  return first;
}
