import { KINDS } from '../../lib/kinds/kinds.ts';
import type { MockPart } from '../../lib/kinds/mock/mock-part.ts';
import type { MockKind } from './chat/mock-ask.ts';

/** The mock's part of every kind, from the kind's own folder: whoever adds a kind adds nothing here. */
export function loadKinds(): Promise<MockKind[]> {
  return Promise.all(
    KINDS.map(async (kind): Promise<MockKind> => {
      const { MOCK: part }: { MOCK: MockPart } = await import(`../../lib/kinds/${kind.name}/mock.ts`);
      return { kind, part };
    }),
  );
}
