namespace MnistMlNet;

/// <summary>Why training ended, as a value and in words.</summary>
internal readonly record struct Stop(StopReason Reason, string Description)
{
    public static readonly Stop EpochLimit = new(StopReason.EpochLimit, "The epoch limit was reached.");
}
