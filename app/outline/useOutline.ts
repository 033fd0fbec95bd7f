import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useStudio } from '../store/context';
import { modulesAround, type OutlineRow, outlineOf, rowsOf } from './tree';
import { treeMove } from './treeKeys';

/** Pixels of a line: the tree draws only the lines in sight, and reckons with this. */
export const ROW_HEIGHT = 24;
/** Lines drawn above and below what is in sight. */
const MARGIN = 8;

const NO_NODES = [] as const;

/** The tree of the shown graph; the modules around the selected node are open. */
function useRows() {
  const nodes = useStudio(({ view, shown }) => view.steps[shown]?.graph.nodes ?? NO_NODES);
  const selected = useStudio((studio) => studio.selected);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(() => outlineOf(nodes), [nodes]);
  useEffect(() => {
    const node = nodes.find(({ name }) => name === selected);
    if (node !== undefined) setOpen((before) => new Set([...before, ...modulesAround(node)]));
  }, [nodes, selected]);
  const rows = useMemo(() => rowsOf(items, open), [items, open]);
  const toggle = (key: string, on: boolean) =>
    setOpen((before) => new Set(on ? [...before, key] : [...before].filter((one) => one !== key)));
  return { rows, open, toggle, selected };
}

/** Which lines are in sight of an element that scrolls, with a margin. */
function useWindowOf(count: number) {
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  const first = Math.max(0, Math.floor(scroll.top / ROW_HEIGHT) - MARGIN);
  const last = Math.min(count, Math.ceil((scroll.top + scroll.height) / ROW_HEIGHT) + MARGIN);
  const follow = (element: HTMLElement) =>
    setScroll({ top: element.scrollTop, height: element.clientHeight });
  return { first, last, follow };
}

/** Brings a line into sight, and says which lines are drawn now. */
function scrollTo(element: HTMLElement, at: number): void {
  const top = at * ROW_HEIGHT;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight)
    element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
}

/** The outline: its lines, the current one, and what keys and presses do. */
export function useOutline() {
  const { rows, open, toggle, selected } = useRows();
  const goTo = useStudio((studio) => studio.goTo);
  const tree = useRef<HTMLDivElement>(null);
  const [currentKey, setCurrentKey] = useState<string | null>(null);
  const { first, last, follow } = useWindowOf(rows.length);
  const known = rows.findIndex(({ item }) => item.key === currentKey);
  const current = known < 0 ? 0 : known;
  const selectedAt = rows.findIndex(({ item }) => item.key === `node ${selected}`);

  useEffect(() => {
    const element = tree.current;
    if (element === null || selectedAt < 0) return;
    setCurrentKey(`node ${selected}`);
    scrollTo(element, selectedAt);
  }, [selected, selectedAt]);

  const go = (at: number) => {
    setCurrentKey(rows[at]?.item.key ?? null);
    if (tree.current) scrollTo(tree.current, at);
  };
  const take = ({ item }: OutlineRow) => {
    if (item.kind === 'module') toggle(item.key, !open.has(item.key));
    else goTo(item.node.name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(event.key, rows, current, open);
    if (move === null) return;
    event.preventDefault();
    const row = rows[current];
    if (move.kind === 'go') go(move.to);
    else if (row !== undefined && move.kind === 'take') take(row);
    else if (row !== undefined) toggle(row.item.key, move.kind === 'open');
  };
  return { rows, open, selected, current, first, last, follow, tree, go, take, onKeyDown };
}
