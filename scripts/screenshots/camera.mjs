// Takes pictures of pages: when nothing moves any more, as PNG, or as WebP where they have to be small.

/** Of WebP, from 0 to 1: letters stay sharp, and a screen takes some 50 kB. */
const QUALITY = 0.58;

/** Nothing moves any more: no animation, and the pointer rests where it points to nothing. */
export async function settled(page) {
  await page.mouse.move(2, 2);
  await page.evaluate(() => document.fonts.ready);
  // What goes on as long as its job, such as the dot of a running step, is not waited for.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().iterations === Infinity),
  );
  await page.waitForTimeout(250);
}

/** A PNG as WebP, by the browser itself: the repository needs no other tool for it. */
export async function webpOf(tools, png) {
  const url = await tools.evaluate(
    async ([bytes, quality]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${bytes}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [png.toString('base64'), QUALITY],
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
