/**
 * Owns which element of the grid shows which photo. An element whose photo went out of sight is given to one that comes
 * into sight: to make new ones is what costs most in a scroll.
 */
export class Slots {
  #slotOf = new Map<number, number>();
  #free: number[] = [];
  #count = 0;

  /** A slot for each photo: the one that it has, or one that is free. */
  assign(photos: readonly number[]): number[] {
    const needed = new Set(photos);
    for (const [photo, slot] of this.#slotOf) {
      if (needed.has(photo)) continue;
      this.#slotOf.delete(photo);
      this.#free.push(slot);
    }
    return photos.map((photo) => {
      const slot = this.#slotOf.get(photo) ?? this.#free.pop() ?? this.#count++;
      this.#slotOf.set(photo, slot);
      return slot;
    });
  }
}
