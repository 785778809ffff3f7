namespace MnistMlNet.Tool;

/// <summary>An error in the arguments: the exit code is 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
