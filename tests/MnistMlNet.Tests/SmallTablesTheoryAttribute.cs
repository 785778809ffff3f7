namespace MnistMlNet.Tests;

/// <summary>
/// A theory on the iris and wine tables, which come with Debian's package python3-sklearn: where it isn't installed the theory is skipped,
/// visibly and with the reason.
/// </summary>
/// <remarks>With the environment variable MNISTMLNET_NO_SKIP=1, as a complete run sets it, it isn't skipped, and fails instead.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallTablesTheoryAttribute : TheoryAttribute
{
    public SmallTablesTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("MNISTMLNET_NO_SKIP") != "1" && !File.Exists(Tables.IrisPath))
        {
            Skip = $"Needs the tables of Debian's package python3-sklearn: there is no '{Tables.IrisPath}'.";
        }
    }
}
