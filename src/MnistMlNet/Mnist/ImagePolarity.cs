namespace MnistMlNet.Mnist;

/// <summary>
/// Which end of the grey scale is ink (foreground); the other end is the background. It isn't detected automatically, since an image that
/// is mostly ink would be detected wrongly.
/// </summary>
public enum ImagePolarity
{
    /// <summary>Ink is 255 and the background 0: white on black, as in MNIST's files.</summary>
    LightOnDark = 0,

    /// <summary>Ink is 0 and the background 255: black on white, as on paper.</summary>
    DarkOnLight = 1,
}
