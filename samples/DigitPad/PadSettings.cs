namespace DigitPad;

/// <summary>What the server is started with.</summary>
/// <param name="Port">Port on 127.0.0.1; 0 takes a free one.</param>
/// <param name="ModelPath">The model: loaded if the file exists, else trained and saved there.</param>
/// <param name="IdxFolder">Folder with MNIST's four IDX files.</param>
/// <param name="HiddenUnits">Units of a network that is trained.</param>
/// <param name="Epochs">Passes of a training; null for 20.</param>
/// <param name="RateLimit">Requests for predictions a second and caller; 0 for no limit.</param>
/// <param name="PixelRate">Millions of PNG pixels a second and client; 0 for no limit.</param>
/// <param name="BodyGrace">How long a body may be slower than it must be; null for 5 s.</param>
internal sealed record PadSettings(int Port, string ModelPath, string IdxFolder, int HiddenUnits, int? Epochs, int RateLimit,
    int PixelRate = 0, TimeSpan? BodyGrace = null);
