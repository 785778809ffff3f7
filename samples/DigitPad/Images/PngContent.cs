namespace DigitPad.Images;

/// <summary>The parts of a PNG that its pixels are decoded from.</summary>
/// <param name="Header">The first chunk.</param>
/// <param name="Palette">The colours, three bytes each; empty where there are none.</param>
/// <param name="Transparency">The content of the chunk tRNS; empty where there is none.</param>
/// <param name="Rows">All rows, unpacked and still filtered, each after the number of its filter; pass by pass in an interlaced
/// image.</param>
internal sealed record PngContent(PngHeader Header, byte[] Palette, byte[] Transparency, byte[] Rows);
