import { CloseButton } from '@mantine/core';
import { useEffect, useId } from 'react';
import type { NodeView } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { Part } from '../store/parts/Part';
import type { OutlineRow } from './tree';
import { ROW_HEIGHT, useOutline } from './useOutline';

const SIGNS = { added: '+', removed: '−', changed: '~', same: '' } as const;

const wordsOf = ({ name, type, shape, change }: NodeView): string =>
  [name, type, shape, change === 'same' ? '' : change].filter((part) => part !== '').join(', ');

interface RowProps {
  readonly row: OutlineRow;
  readonly at: number;
  readonly id: string;
  readonly isOpen: boolean;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onTake: () => void;
}

/** What a line shows: a module with the number of its nodes, or a node with its type. */
function Content({ row: { item }, isOpen }: { row: OutlineRow; isOpen: boolean }) {
  if (item.kind === 'module')
    return (
      <>
        <span className="outline-arrow">{isOpen ? '▾' : '▸'}</span>
        <b>{item.title}</b>
        <span className="outline-note">{item.count}</span>
      </>
    );
  const { name, type, change } = item.node;
  return (
    <>
      <span className={`outline-arrow sign ${change}`}>{SIGNS[change]}</span>
      <span className="outline-name">{name}</span>
      <span className="outline-note">{type}</span>
    </>
  );
}

function Row({ row, at, id, isOpen, isCurrent, isSelected, onTake }: RowProps) {
  const { item, level, place, siblings } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the tree's, which has the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the tree points to it by aria-activedescendant
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isSelected}
      {...(item.kind === 'module' ? { 'aria-expanded': isOpen } : {})}
      aria-label={
        item.kind === 'module' ? `${item.title}, ${countOf(item.count, 'node')}` : wordsOf(item.node)
      }
      className={`outline-row${isCurrent ? ' current' : ''}`}
      data-outline={item.kind === 'module' ? item.key : item.node.name}
      style={{ top: at * ROW_HEIGHT, paddingLeft: 6 + (level - 1) * 14 }}
      title={item.kind === 'module' ? item.key : item.node.line}
      onClick={onTake}
    >
      <Content row={row} isOpen={isOpen} />
    </div>
  );
}

/** The shown graph as a tree of its modules: one stop of the keyboard, arrows inside, linked with the selection. */
function Tree() {
  const { rows, open, selected, current, first, last, follow, tree, go, take, onKeyDown } = useOutline();
  const ids = useId();
  const idOf = (at: number) => `${ids}-${at}`;
  // Its height is known only now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the tree is there
  useEffect(() => {
    if (tree.current) follow(tree.current);
  }, []);
  return (
    <div
      ref={tree}
      role="tree"
      className="outline-tree"
      aria-label="Nodes by module"
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? idOf(current) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => follow(event.currentTarget)}
    >
      <div role="presentation" style={{ height: rows.length * ROW_HEIGHT }}>
        {rows.map((row, at) =>
          // The current line is drawn wherever it is: the tree points to it.
          (at >= first && at < last) || at === current ? (
            <Row
              key={row.item.key}
              row={row}
              at={at}
              id={idOf(at)}
              isOpen={row.item.kind === 'module' && open.has(row.item.key)}
              isCurrent={at === current}
              isSelected={row.item.kind === 'node' && row.item.node.name === selected}
              onTake={() => {
                go(at);
                take(row);
              }}
            />
          ) : null,
        )}
      </div>
    </div>
  );
}

function OutlineDrawer() {
  const isOpen = useStudio((studio) => studio.outlineOpen);
  const openOutline = useStudio((studio) => studio.openOutline);
  const count = useStudio(({ view, shown }) => view.steps[shown]?.graph.nodes.length ?? 0);
  if (!isOpen) return null;
  return (
    <aside className="outline" id="outline" aria-label="Outline">
      <div className="outline-head">
        <h2>Outline</h2>
        <span className="dim">{countOf(count, 'node')}</span>
        <CloseButton size="sm" aria-label="Close the outline" onClick={() => openOutline(false)} />
      </div>
      <Tree />
    </aside>
  );
}

/** The graph for those who read it rather than see it, and for finding a place in a large one. */
export function Outline() {
  return (
    <Part id="outline">
      <OutlineDrawer />
    </Part>
  );
}
