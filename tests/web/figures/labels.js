// Gives the labels of the charts on show that touch one another, stand outside their drawing, or are too small to read.
() => {
  const wrong = [];
  let labels = 0;
  for (const chart of document.querySelectorAll("svg.chart")) {
    const frame = chart.getBoundingClientRect();
    if (!frame.width) continue;
    const scale = frame.width / chart.viewBox.baseVal.width;
    // A line of text has room above and below its letters; what counts is the letters.
    const boxes = [...chart.querySelectorAll("text")].map((text) => {
      const box = text.getBoundingClientRect();
      const size = Number(text.getAttribute("font-size")) * scale;
      if (size < 10.5) wrong.push(`${text.textContent}: ${size.toFixed(1)} px`);
      const middle = (box.top + box.bottom) / 2;
      return { name: text.textContent, left: box.left, right: box.right, top: middle - size * 0.4, bottom: middle + size * 0.4 };
    });
    labels += boxes.length;
    boxes.forEach((one, at) => {
      if (one.left < frame.left - 1 || one.right > frame.right + 1) wrong.push(`${one.name} står uden for tegningen`);
      if (one.top < frame.top - 1 || one.bottom > frame.bottom + 1) wrong.push(`${one.name} står uden for tegningen`);
      for (const other of boxes.slice(at + 1)) {
        const beside = one.right <= other.left || other.right <= one.left;
        const above = one.bottom <= other.top || other.bottom <= one.top;
        if (!beside && !above) wrong.push(`${one.name} × ${other.name}`);
      }
    });
  }
  return { labels, wrong };
}
