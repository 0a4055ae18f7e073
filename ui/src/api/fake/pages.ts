/**
 * Draws the fake comics: a page of panels with the dog in it, and its blurred beginnings. Never part of the app.
 */
import { dogHead, randomFrom } from "./scenes";

const hsl = (h: number, s: number, l: number): string => `hsl(${Math.round(h % 360)} ${s}% ${l}%)`;

function panel(x: number, y: number, w: number, h: number, seed: number, number: number): string {
  const random = randomFrom(seed * 31 + number);
  const hue = random() * 360;
  const clip = `c${number}`;
  let out = `<defs><clipPath id="${clip}"><rect x="${x}" y="${y}" width="${w}" height="${h}"/></clipPath></defs><g clip-path="url(#${clip})">`;
  out += `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${hsl(hue, 58, 74)}"/>`;
  out += `<rect x="${x}" y="${y + h * 0.68}" width="${w}" height="${h * 0.4}" fill="${hsl(hue + 150, 38, 52)}"/>`;
  for (let i = 0; i < 60; i++) {
    out += `<circle cx="${x + (i % 12) * (w / 11)}" cy="${y + Math.floor(i / 12) * (h / 9)}" r="${2.5 - Math.floor(i / 12) * 0.4}" fill="${hsl(hue, 52, 64)}"/>`;
  }
  const r = Math.min(w, h) * (0.2 + random() * 0.07);
  const cx = x + w * (0.34 + random() * 0.32);
  out += `<path d="M${cx - r * 1.1} ${y + h}Q${cx - r} ${y + h * 0.66} ${cx} ${y + h * 0.64}Q${cx + r} ${y + h * 0.66} ${cx + r * 1.1} ${y + h}Z" fill="${hsl(240, 8, 14)}"/>`;
  out += dogHead(cx, y + h * 0.56, r, random(), (random() - 0.5) * 30);
  const bx = x + w * 0.5;
  const by = y + h * 0.15;
  out += `<ellipse cx="${bx}" cy="${by}" rx="${w * 0.36}" ry="${h * 0.09}" fill="white" stroke="black" stroke-width="3"/>`;
  for (let line = 0; line < 2; line++) {
    out += `<rect x="${bx - w * 0.22}" y="${by - h * 0.035 + line * h * 0.045}" width="${w * (line === 0 ? 0.44 : 0.3)}" height="${h * 0.02}" rx="3" fill="black"/>`;
  }
  return `${out}</g><rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="black" stroke-width="5"/>`;
}

/** A drawn page; `clarity` below 1 is what arrives while it is drawn. */
export function drawPage(seed: number, size: string, four: boolean, clarity: number): string {
  const [width = 1024, height = 1024] = size.split("x").map(Number);
  const blur = (1 - clarity) * 36;
  const gutter = 22;
  let out = `<rect width="${width}" height="${height}" fill="${hsl(44, 40, 95)}"/>`;
  if (four) {
    const w = (width - gutter * 3) / 2;
    const h = (height - gutter * 3) / 2;
    for (let n = 0; n < 4; n++) {
      out += panel(gutter + (n % 2) * (w + gutter), gutter + Math.floor(n / 2) * (h + gutter), w, h, seed, n);
    }
  } else {
    out += panel(gutter, gutter, width - gutter * 2, height - gutter * 2, seed, 0);
  }
  const filter =
    blur > 0
      ? `<filter id="b" x="0" y="0" width="1" height="1"><feGaussianBlur stdDeviation="${blur.toFixed(1)}"/></filter>`
      : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${filter}<g${blur > 0 ? ' filter="url(#b)"' : ""}>${out}</g></svg>`;
}
