/**
 * Draws the pictures of the fake library: small scenes as SVG, the same for the same number, varied enough that the
 * grid looks like somebody's photos. Never part of the app.
 */

export const SCENES = ["dog", "mountains", "sea", "city", "food", "forest", "flowers", "snow"] as const;
export type Scene = (typeof SCENES)[number];

export type Random = () => number;

/** Mulberry32: small, fast and the same everywhere. */
export function randomFrom(seed: number): Random {
  let a = (seed * 2654435761) >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const hsl = (h: number, s: number, l: number): string =>
  `hsl(${Math.round(((h % 360) + 360) % 360)} ${Math.round(s)}% ${Math.round(l)}%)`;
const gradient = (id: string, stops: string[], vertical = true): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="${vertical ? 0 : 1}" y2="${vertical ? 1 : 0}">${stops
    .map((color, i) => `<stop offset="${i / (stops.length - 1)}" stop-color="${color}"/>`)
    .join("")}</linearGradient>`;
const rect = (fill: string, y = 0, h = 100): string =>
  `<rect x="-60" y="${y}" width="600" height="${h}" fill="${fill}"/>`;

function ridge(random: Random, w: number, base: number, rough: number, fill: string): string {
  let path = `M0 100V${base}`;
  const steps = 9;
  for (let i = 1; i <= steps; i++)
    path += `L${((w * i) / steps).toFixed(1)} ${(base + (random() - 0.5) * rough).toFixed(1)}`;
  return `<path d="${path}V100Z" fill="${fill}"/>`;
}

function skyOf(random: Random): { stops: string[]; light: string; mood: number } {
  const mood = random();
  if (mood < 0.45) return { stops: [hsl(208, 62, 52), hsl(204, 60, 82)], light: hsl(50, 90, 94), mood };
  if (mood < 0.75)
    return { stops: [hsl(230, 38, 38), hsl(16, 75, 66), hsl(42, 90, 76)], light: hsl(46, 100, 86), mood };
  return { stops: [hsl(215, 18, 66), hsl(215, 14, 86)], light: hsl(210, 20, 94), mood };
}

function mountains(random: Random, w: number): string {
  const sky = skyOf(random);
  const hue = 200 + random() * 50;
  let out = `<defs>${gradient("s", sky.stops)}</defs>${rect("url(#s)")}`;
  out += `<circle cx="${w * (0.2 + random() * 0.6)}" cy="${24 + random() * 14}" r="5" fill="${sky.light}" opacity=".9"/>`;
  for (let i = 0; i < 4; i++)
    out += ridge(random, w, 46 + i * 13, 22 - i * 4, hsl(hue - i * 14, 22 + i * 4, 62 - i * 13));
  return out;
}

function sea(random: Random, w: number): string {
  const sky = skyOf(random);
  const x = w * (0.25 + random() * 0.5);
  let out = `<defs>${gradient("s", sky.stops)}${gradient("w", [hsl(196, 45, 58), hsl(205, 58, 28)])}</defs>`;
  out += `${rect("url(#s)")}<circle cx="${x}" cy="44" r="7" fill="${sky.light}"/>${rect("url(#w)", 54, 46)}`;
  for (let i = 0; i < 16; i++) {
    const y = 56 + i * 2.1;
    out += `<rect x="${(x - 7 - random() * i * 1.6).toFixed(1)}" y="${y}" width="${(9 + random() * i * 2.4).toFixed(1)}" height=".7" fill="${sky.light}" opacity="${(0.65 - i * 0.03).toFixed(2)}"/>`;
  }
  out += `<path d="M0 100V90Q${w * 0.3} 82 ${w * 0.62} 93T${w} 89V100Z" fill="${hsl(36, 42, 68)}"/>`;
  return out;
}

function city(random: Random, w: number): string {
  let out = `<defs>${gradient("s", [hsl(232, 48, 13), hsl(262, 38, 30), hsl(22, 62, 52)])}</defs>${rect("url(#s)")}`;
  for (let layer = 0; layer < 2; layer++) {
    let x = -4;
    while (x < w) {
      const bw = 7 + random() * 10;
      const bh = 22 + random() * (layer === 0 ? 42 : 28);
      out += `<rect x="${x.toFixed(1)}" y="${(100 - bh).toFixed(1)}" width="${bw.toFixed(1)}" height="${bh.toFixed(1)}" fill="${hsl(240, 26, layer === 0 ? 20 : 9)}"/>`;
      for (let n = 0; n < 9; n++) {
        out += `<rect x="${(x + 1 + random() * (bw - 3)).toFixed(1)}" y="${(100 - random() * (bh - 2)).toFixed(1)}" width="1" height="1.4" fill="${hsl(42, 95, 70)}" opacity="${(0.4 + random() * 0.6).toFixed(2)}"/>`;
      }
      x += bw + random() * 2;
    }
  }
  return out;
}

function food(random: Random, w: number): string {
  const cx = w / 2 + (random() - 0.5) * 12;
  const wood = 18 + random() * 16;
  let out = `<defs>${gradient("t", [hsl(wood, 38, 34), hsl(wood, 34, 24)], false)}</defs>${rect("url(#t)")}`;
  for (let i = 1; i < 5; i++)
    out += `<rect x="0" y="${i * 21}" width="100%" height=".5" fill="${hsl(wood, 40, 16)}" opacity=".5"/>`;
  out += `<ellipse cx="${cx + 1.5}" cy="53" rx="38" ry="38" fill="${hsl(wood, 40, 10)}" opacity=".4"/>`;
  out += `<circle cx="${cx}" cy="51" r="37" fill="${hsl(40, 16, 92)}"/><circle cx="${cx}" cy="51" r="27" fill="${hsl(40, 12, 86)}"/>`;
  for (let i = 0; i < 26; i++) {
    const angle = random() * Math.PI * 2;
    const far = Math.sqrt(random()) * 20;
    const hue = [8, 28, 44, 88, 112, 352][Math.floor(random() * 6)] ?? 8;
    out += `<ellipse cx="${(cx + Math.cos(angle) * far).toFixed(1)}" cy="${(51 + Math.sin(angle) * far).toFixed(1)}" rx="${(2.5 + random() * 5).toFixed(1)}" ry="${(2 + random() * 3.4).toFixed(1)}" transform="rotate(${Math.round(random() * 180)} ${cx} 51)" fill="${hsl(hue, 66, 36 + random() * 26)}"/>`;
  }
  return out;
}

function forest(random: Random, w: number): string {
  let out = `<defs>${gradient("s", [hsl(70, 46, 84), hsl(105, 28, 52)])}</defs>${rect("url(#s)")}`;
  for (let layer = 0; layer < 3; layer++) {
    for (let x = random() * 8; x < w + 8; x += 7 + random() * 7) {
      const h = 44 + random() * 26 - layer * 7;
      const y = 84 + layer * 9;
      const fill = hsl(118 + random() * 24, 28 + layer * 7, 44 - layer * 13);
      out += `<path d="M${x.toFixed(1)} ${(y - h).toFixed(1)}l${6 + layer * 2} ${h}h-${12 + layer * 4}Z" fill="${fill}"/>`;
    }
    out += rect(hsl(108, 30, 30 - layer * 8), 82 + layer * 9);
  }
  return out;
}

function flowers(random: Random, w: number): string {
  let out = `<defs>${gradient("s", [hsl(96, 34, 62), hsl(112, 36, 26)])}</defs>${rect("url(#s)")}`;
  const hue = [340, 48, 275, 12][Math.floor(random() * 4)] ?? 340;
  for (let i = 0; i < 22; i++) {
    const r = 2 + (i / 22) * 8;
    const x = random() * w;
    const y = 20 + (i / 22) * 72;
    const soft = i < 10 ? ' opacity=".55"' : "";
    for (let p = 0; p < 6; p++) {
      out += `<ellipse cx="${x.toFixed(1)}" cy="${(y - r * 0.8).toFixed(1)}" rx="${(r * 0.45).toFixed(1)}" ry="${(r * 0.8).toFixed(1)}" transform="rotate(${p * 60} ${x.toFixed(1)} ${y.toFixed(1)})" fill="${hsl(hue + random() * 14, 72, 58 + random() * 14)}"${soft}/>`;
    }
    out += `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(r * 0.36).toFixed(1)}" fill="${hsl(44, 88, 56)}"${soft}/>`;
  }
  return out;
}

function snow(random: Random, w: number): string {
  let out = `<defs>${gradient("s", [hsl(212, 42, 62), hsl(208, 40, 90)])}</defs>${rect("url(#s)")}`;
  out +=
    ridge(random, w, 48, 34, hsl(214, 24, 76)) +
    ridge(random, w, 62, 18, hsl(212, 32, 88)) +
    rect(hsl(210, 36, 95), 76, 24);
  for (let x = random() * 10; x < w; x += 9 + random() * 16) {
    const h = 16 + random() * 18;
    out += `<path d="M${x.toFixed(1)} ${(84 - h).toFixed(1)}l5 ${h}h-10Z" fill="${hsl(170, 22, 28)}"/><path d="M${x.toFixed(1)} ${(84 - h).toFixed(1)}l2 ${h * 0.4}h-4Z" fill="${hsl(208, 40, 96)}"/>`;
  }
  return out;
}

/** A Border Collie, more or less; `mood` opens its mouth. Also the hero of the fake comics. */
export function dogHead(x: number, y: number, r: number, mood: number, tilt = 0): string {
  const black = hsl(240, 8, 14);
  const white = hsl(30, 24, 94);
  const tongue =
    mood > 0.4 ? `<ellipse cx="0" cy="${0.86 + mood * 0.1}" rx=".17" ry=".3" fill="${hsl(350, 70, 68)}"/>` : "";
  return (
    `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${tilt.toFixed(1)}) scale(${r.toFixed(1)})">` +
    `<path d="M-.82 -.1Q-1.2 -1.15 -.62 -1.05Q-.3 -.9 -.25 -.6Z" fill="${black}"/><path d="M.82 -.1Q1.2 -1.15 .62 -1.05Q.3 -.9 .25 -.6Z" fill="${black}"/>` +
    `<ellipse cx="0" cy="0" rx=".86" ry=".88" fill="${black}"/><path d="M-.16 -.86Q-.1 -.1 -.48 .3Q-.62 .95 0 1.02Q.62 .95 .48 .3Q.1 -.1 .16 -.86Z" fill="${white}"/>` +
    `${tongue}<ellipse cx="0" cy=".42" rx=".22" ry=".16" fill="${black}"/><path d="M-.3 .68Q0 .9 .3 .68" fill="none" stroke="${black}" stroke-width=".06"/>` +
    `<circle cx="-.4" cy="-.12" r=".16" fill="${hsl(32, 62, 42)}"/><circle cx=".4" cy="-.12" r=".16" fill="${hsl(32, 62, 42)}"/>` +
    `<circle cx="-.4" cy="-.12" r=".09" fill="${black}"/><circle cx=".4" cy="-.12" r=".09" fill="${black}"/>` +
    `<circle cx="-.36" cy="-.17" r=".035" fill="${white}"/><circle cx=".44" cy="-.17" r=".035" fill="${white}"/></g>`
  );
}

function dog(random: Random, w: number): string {
  const place = random();
  const back =
    place < 0.4
      ? [hsl(90, 34, 66), hsl(104, 38, 34)]
      : place < 0.7
        ? [hsl(28, 30, 78), hsl(24, 34, 50)]
        : [hsl(205, 46, 74), hsl(38, 40, 72)];
  const cx = w * (0.36 + random() * 0.28);
  let out = `<defs>${gradient("s", back)}</defs>${rect("url(#s)")}`;
  for (let i = 0; i < 14; i++) {
    out += `<circle cx="${(random() * w).toFixed(1)}" cy="${(random() * 70).toFixed(1)}" r="${(3 + random() * 7).toFixed(1)}" fill="${hsl(60 + random() * 40, 50, 84)}" opacity=".16"/>`;
  }
  out += `<path d="M${cx - 30} 104Q${cx - 26} 62 ${cx} 60Q${cx + 26} 62 ${cx + 30} 104Z" fill="${hsl(240, 8, 12)}"/>`;
  out += `<path d="M${cx - 12} 104Q${cx - 14} 66 ${cx} 64Q${cx + 14} 66 ${cx + 12} 104Z" fill="${hsl(30, 24, 92)}"/>`;
  return out + dogHead(cx, 46 + random() * 6, 23 + random() * 7, random(), (random() - 0.5) * 30);
}

const DRAW: Record<Scene, (random: Random, w: number) => string> = {
  dog,
  mountains,
  sea,
  city,
  food,
  forest,
  flowers,
  snow,
};

export const SCENE_COLOR: Record<Scene, string> = {
  dog: "#8a8f72",
  mountains: "#7d92a6",
  sea: "#6d94aa",
  city: "#3a2f4a",
  food: "#8a6b4e",
  forest: "#5f8258",
  flowers: "#7d8f62",
  snow: "#b9c9da",
};

/** A picture of a scene, `width` x `height` pixels. */
export function drawScene(seed: number, scene: Scene, width: number, height: number): string {
  const w = (100 * width) / height;
  const tall = w < 100 ? 100 : w;
  const inner = DRAW[scene](randomFrom(seed * 7 + 3), tall);
  const shift = (tall - w) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${shift.toFixed(1)} 0 ${w.toFixed(1)} 100" preserveAspectRatio="xMidYMid slice">${inner}</svg>`;
}
