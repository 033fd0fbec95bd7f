// One place decides how schemas parse; this is the page's way to it (see .dependency-cruiser.cjs).
export { z } from '../src/formats/zod';
