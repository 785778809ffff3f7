namespace MnistMlNet.Mnist;

/// <summary>What an IDX header may declare. A larger number is refused before anything is allocated.</summary>
internal static class IdxLimits
{
    /// <summary>The first four bytes of an image file: unsigned bytes, three dimensions.</summary>
    public const int ImagesMagic = 2051;

    /// <summary>The first four bytes of a label file: unsigned bytes, one dimension.</summary>
    public const int LabelsMagic = 2049;

    /// <summary>Largest number of images or labels in one file.</summary>
    public const int MaxCount = 10_000_000;

    /// <summary>Largest number of rows, and of columns, of one image.</summary>
    public const int MaxSide = 256;

    /// <summary>Largest number of pixels in one file: 45 times MNIST's. No array is of this length; the limit is for the memory that a set may take.</summary>
    public const long MaxPixels = 0x7FFF_FFC7;

    /// <summary>Number of digits; a label is 0 to one less.</summary>
    public const int DigitCount = 10;

    /// <summary>The content that even a compressed file of a few bytes may have: the 60,000 images of MNIST.</summary>
    public const long MaxExpandedBytes = 48L << 20;

    /// <summary>Beyond that, how many times smaller than its content a compressed file may be: MNIST's shrink to a fifth.</summary>
    public const long MaxExpansion = 32;

    /// <summary>Deflate never shrinks by more than this factor (258 bytes from 2 bits), so a compressed file that declares more is cut short or forged.</summary>
    public const long MaxDeflateRatio = 1032;
}
