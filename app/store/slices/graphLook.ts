import type { Toggled } from '../groups/openGroups';

/** Where the way from a node is followed to. */
export type PathEnd = 'inputs' | 'outputs' | 'both';

export interface PathFocus {
  readonly node: string;
  readonly to: PathEnd;
  /** Whether the other nodes are left out, or only stand back. */
  readonly hides: boolean;
}

/** How a large graph is looked at: its groups, what is searched in it, the minimap, one path through it. */
export interface GraphLookSlice {
  /** Groups that the user opened or closed. */
  readonly groupsToggled: Toggled;
  /** The group whose place stays where it is when it is opened or closed; the serial tells two times apart. */
  readonly groupAnchor: { readonly id: string; readonly serial: number } | null;
  readonly searchOpen: boolean;
  readonly searchText: string;
  readonly minimap: boolean;
  /** Whether long graphs go on in a further column. */
  readonly columns: boolean;
  readonly pathFocus: PathFocus | null;
  /** Counts requests to show the whole graph. */
  readonly fitSerial: number;
  /** Requests to zoom about the middle: the newest factor. */
  readonly zoomWish: { readonly factor: number; readonly serial: number } | null;

  toggleGroup(id: string): void;
  openAllGroups(open: boolean): void;
  /** Takes back to these openings, after a layout was cancelled. */
  restoreGroups(toggled: Toggled): void;
  /** Opens the groups around a node of any step. */
  reveal(node: string): void;
  /** Brings a group to the middle of the graph. */
  goToGroup(id: string): void;
  openSearch(open: boolean): void;
  searchFor(text: string): void;
  showMinimap(on: boolean): void;
  setColumns(on: boolean): void;
  focusPath(node: string, to: PathEnd): void;
  hideOffPath(hides: boolean): void;
  endPathFocus(): void;
  fitGraph(): void;
  zoomGraph(factor: number): void;
}
