// The network's input, as a picture.

export function showSeen(pixels) {
  const canvas = document.getElementById("seen"), context = canvas.getContext("2d"), image = context.createImageData(28, 28);
  for (let i = 0; i < 784; i++) image.data.set([pixels?.[i] ?? 0, pixels?.[i] ?? 0, pixels?.[i] ?? 0, 255], 4 * i);
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", pixels ? "The digit, white on black, in 28 by 28 pixels" : "Nothing yet");
}
