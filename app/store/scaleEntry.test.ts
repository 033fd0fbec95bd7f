import { describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import {
  blankEntry,
  draftScale,
  isBlank,
  isElsewhere,
  type ScaleEntry,
  selectColumn,
  typeColumn,
  withDrafts,
  withoutRejected,
} from './scaleEntry';
import { createStudioStore } from './studioStore';

const noColumn = typeColumn(blankEntry(5), '999', 64);
const refused = withDrafts(blankEntry(5), { 2: '0.5', 5: '-1' });

describe('a rejected entry', () => {
  it('stays typed and says what is wrong', () => {
    expect(noColumn).toMatchObject({ column: 5, typedColumn: '999' });
    expect(refused.drafts).toEqual({ 2: '0.5', 5: '-1' });
    expect(refused.refusal).toContain('Column 5: A scale is a number above 0');
  });

  it('of a column makes way for the scale that is refused after it', () => {
    const typed = typeColumn(draftScale(blankEntry(5), 5, '-1'), '999', 64);
    expect(withDrafts(typed, {})).toMatchObject({ column: 5, typedColumn: null, drafts: { 5: '-1' } });
    expect(withDrafts(noColumn, {})).toEqual(noColumn);
  });

  it('goes with the next edit of its field', () => {
    expect(typeColumn(noColumn, '9', 64)).toEqual(blankEntry(9));
    expect(draftScale(refused, 5, '2')).toMatchObject({ drafts: { 2: '0.5', 5: '2' }, refusal: null });
    expect(draftScale(noColumn, 5, '2').typedColumn).toBeNull();
  });

  it('goes when another column is selected; scales that may be set stay', () => {
    expect(selectColumn(noColumn, 7)).toEqual(blankEntry(7));
    expect(selectColumn(refused, 7)).toEqual({ ...blankEntry(7), drafts: { 2: '0.5' } });
    expect(selectColumn(refused, 5).drafts).toEqual({ 2: '0.5', 5: '-1' });
  });

  it('leaves nothing but scales behind', () => {
    expect(withoutRejected(refused)).toEqual({ ...blankEntry(5), drafts: { 2: '0.5' } });
    expect(isBlank(withoutRejected(noColumn))).toBe(true);
    expect(isBlank(noColumn)).toBe(false);
  });
});

describe('an entry and the history', () => {
  async function watched() {
    const store = createStudioStore(new FakeEngine(), fakeSamples);
    await store.getState().openModel([new File(['x'], 'net.onnx')]);
    await store.getState().openData('calibration', [new File(['x'], 'data.npy')]);
    let entry: ScaleEntry = blankEntry(0);
    store.subscribe((now, before) => {
      if (isElsewhere(now, before)) entry = withoutRejected(entry);
    });
    /** Whether a wrong entry of before is still there after it. */
    const stays = async (act: () => Promise<void>) => {
      entry = noColumn;
      await act();
      return entry === noColumn;
    };
    return { state: () => store.getState(), stays };
  }

  it('a run leaves what is typed meanwhile', async () => {
    const { state, stays } = await watched();
    expect(await stays(() => state().run('equalize'))).toBe(true);
  });

  it('Undo, Redo and Take all back end what was rejected', async () => {
    const { state, stays } = await watched();
    await state().run('equalize');
    expect(await stays(() => state().undo())).toBe(false);
    expect(await stays(() => state().bringBack())).toBe(false);
    await state().setScales('fc', { 3: 0.5 });
    const edit = { column: 3, value: 0.5, layer: 'fc', at: 3 };
    expect(await stays(() => state().takeBackScales([edit]))).toBe(false);
  });
});
