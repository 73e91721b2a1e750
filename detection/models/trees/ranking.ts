/** Area under the ROC curve: the chance that a positive row scores above a negative one, ties half. NaN when one class is missing. */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let ranks = 0;
  for (let at = 0; at < order.length;) {
    let end = at + 1;
    while (end < order.length && scores[order[end]!] === scores[order[at]!]) end += 1;
    // tied rows share their mean rank
    for (let tied = at; tied < end; tied += 1) {
      if (labels[order[tied]!] === 0) continue;
      positives += 1;
      ranks += (at + end + 1) / 2;
    }
    at = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

/** Average precision: mean precision at each positive row, best score first; rows of equal score are taken together. */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  let positives = 0;
  let sum = 0;
  for (let at = 0; at < order.length;) {
    let end = at;
    let found = 0;
    for (; end < order.length && scores[order[end]!] === scores[order[at]!]; end += 1)
      found += labels[order[end]!] === 0 ? 0 : 1;
    positives += found;
    sum += (found * positives) / end;
    at = end;
  }
  return sum / positives;
}
