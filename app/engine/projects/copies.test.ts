import { expect, it, vi } from 'vitest';
import { Projects } from './projects';

const shelf = vi.hoisted(() => ({
  manifestOf: vi.fn(async () => ({ name: 'net' })),
  freeName: vi.fn(async (name: string) => name),
  copyProject: vi.fn(async () => 'the copy'),
  folderOf: vi.fn(async () => Promise.reject(new Error('a record is damaged'))),
  deleteProject: vi.fn(async () => undefined),
}));
const released = vi.hoisted(() => vi.fn());
vi.mock('./shelf', () => shelf);
vi.mock('./locks', () => ({
  holdProject: async (id: string) => (id === 'held elsewhere' ? null : released),
}));

it('a copy of a project that another tab holds goes again where it cannot be opened', async () => {
  const projects = new Projects(() => Promise.reject(new Error('no studio here')));
  await expect(projects.openProject('held elsewhere')).rejects.toThrow('a record is damaged');
  expect(released).toHaveBeenCalledTimes(1);
  expect(shelf.deleteProject.mock.calls).toEqual([['the copy']]);
});
