using Snippets.MulticlassClassification;

namespace Snippets;

/// <summary>Every snippet by the name of its file.</summary>
internal static class AllSnippets
{
    public static IReadOnlyDictionary<string, Action> ByName { get; } = new Dictionary<string, Action>
    {
        [nameof(TwoLayerNetwork)] = TwoLayerNetwork.Example,
        [nameof(TwoLayerNetworkWithOptions)] = TwoLayerNetworkWithOptions.Example,
    };
}
