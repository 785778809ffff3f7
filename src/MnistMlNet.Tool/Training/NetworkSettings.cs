namespace MnistMlNet.Tool.Training;

/// <summary>The options of the network that the command line offers; null stands for the trainer's default.</summary>
internal sealed record NetworkSettings(int HiddenUnits, int? Epochs, int Seed);
