namespace MnistMlNet.Mnist;

/// <summary>
/// Which end of the grey scale is ink; the other is the ground. It is never guessed: a page that is mostly ink looks like the other kind.
/// </summary>
public enum ImagePolarity
{
    /// <summary>Ink is 255 and the ground 0: white on black, as MNIST's own images are stored.</summary>
    LightOnDark = 0,

    /// <summary>Ink is 0 and the ground 255: black on white, as on paper.</summary>
    DarkOnLight = 1,
}
