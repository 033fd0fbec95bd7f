import type { GroupedScene } from '../groups/groupScene';
import type { SceneLayout } from '../layout';

/** A graph that nothing of the page draws yet, in its places. */
export interface Picture {
  readonly grouped: GroupedScene;
  readonly layout: SceneLayout;
}

export interface FirstPicture {
  readonly state: 'none' | 'coming' | 'shown';
  readonly picture: Picture | null;
}

const NONE: FirstPicture = { state: 'none', picture: null };

/**
 * The picture of a graph between its layout and the panes that draw it for good: these take their time to be made, and
 * somebody waits for the graph. Once a pane draws, there is none any more.
 */
export class FirstPictures {
  private now: FirstPicture = NONE;
  private panes = 0;
  private readonly listeners = new Set<() => void>();

  readonly get = (): FirstPicture => this.now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Has a picture made and awaits it; it is not shown where a pane draws before it is there, or another one is awaited. While a pane
   * draws none is made: the pane asks for the layout by itself.
   */
  await(make: () => Promise<Picture>): void {
    if (this.panes > 0) return;
    const own: FirstPicture = { state: 'coming', picture: null };
    this.become(own);
    const settle = (next: FirstPicture) => {
      if (this.now === own) this.become(next);
    };
    make().then(
      (known) => settle({ state: 'shown', picture: known }),
      // The pane asks for the same layout, and says what is wrong in its place.
      () => settle(NONE),
    );
  }

  /** No graph is to be drawn any more. */
  forget(): void {
    this.become(NONE);
  }

  /** A pane draws its graph; gives what tells that it is gone. */
  readonly paneDraws = (): (() => void) => {
    this.panes += 1;
    this.forget();
    return () => {
      this.panes -= 1;
    };
  };

  private become(next: FirstPicture): void {
    if (this.now === next) return;
    this.now = next;
    for (const listener of this.listeners) listener();
  }
}

/** The page's one. */
export const firstPictures = new FirstPictures();
