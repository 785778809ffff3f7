namespace DigitPad;

/// <summary>The settings of the server.</summary>
/// <param name="Port">Port on 127.0.0.1; 0 for any free port.</param>
/// <param name="ModelPath">The model file: loaded if it exists, otherwise written after training.</param>
/// <param name="IdxFolder">Folder with MNIST's four IDX files.</param>
/// <param name="HiddenUnits">Hidden units of a network that is trained.</param>
/// <param name="Epochs">Epochs of a training; null for 20.</param>
/// <param name="RateLimit">Prediction requests a second for each client; 0 for no limit.</param>
/// <param name="PixelRate">Millions of PNG pixels a second for each client; 0 for no limit.</param>
/// <param name="BodyGrace">How long a body may be slower than the minimum rate; null for 5 s.</param>
internal sealed record PadSettings(int Port, string ModelPath, string IdxFolder, int HiddenUnits, int? Epochs, int RateLimit,
    int PixelRate = 0, TimeSpan? BodyGrace = null);
