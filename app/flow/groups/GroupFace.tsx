import type { Group } from '../../store/groups/groupTree';

interface FaceProps {
  readonly group: Group;
}

/** How many equal blocks the group stands for, and which group it is equal to. */
function Likeness({ group: { repeats, like } }: FaceProps) {
  return (
    <>
      {repeats > 0 && <span className="group-times">×{repeats}</span>}
      {like !== null && <span className="group-like">= {like}</span>}
    </>
  );
}

/** The upper line of a closed group. */
export function GroupTop({ group, found }: FaceProps & { readonly found: number }) {
  return (
    <span className="flow-top">
      <span aria-hidden>▸</span>
      <b className="flow-name">{group.title}</b>
      <Likeness group={group} />
      {found > 0 && <span className="group-found">{found} found</span>}
    </span>
  );
}

/** What stands on the frame of an open group. */
export function FrameTitle({ group }: FaceProps) {
  return (
    <>
      <span aria-hidden>▾</span> <b>{group.title}</b>
      <Likeness group={group} />
    </>
  );
}
