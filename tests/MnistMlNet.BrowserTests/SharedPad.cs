namespace MnistMlNet.BrowserTests;

/// <summary>The tests that use one server, which is trained once.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPad : ICollectionFixture<PadFixture>
{
    public const string Name = "pad";
}
