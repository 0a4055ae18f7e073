(async () => {
  // Moves the grid at several speeds and by jumps, and returns the 95th percentile of a frame in milliseconds for each.
  const grid = document.querySelector("[data-testid=grid]");
  const frame = () => new Promise(requestAnimationFrame);
  const percentile = (times) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
  const found = [];
  for (const speed of [600, 3000, 12000, 60000]) {
    const times = [];
    let before = await frame();
    for (const end = before + 3000; before < end;) {
      const now = await frame();
      times.push(now - before);
      grid.scrollTop += (speed * (now - before)) / 1000;
      before = now;
    }
    found.push(percentile(times.slice(5)));
  }
  const jumps = [];
  for (let n = 0; n < 20; n++) {
    const begun = await frame();
    grid.scrollTop = grid.scrollHeight * ((n * 0.618) % 1);
    await frame();
    jumps.push((await frame()) - begun);
    for (let wait = 0; wait < 5; wait++) await frame();
  }
  found.push(percentile(jumps));
  return found;
})();
