/** Gets the bytes of a body, piece by piece. They are valid only during the call. */
export type BodySink = { onBody: (bytes: Buffer, start: number, end: number) => void };
