export interface HostileInput {
  readonly what: string;
  readonly outcome: string;
  readonly file: string;
  readonly test: string;
}
export const HOSTILE: readonly HostileInput[] = [];
