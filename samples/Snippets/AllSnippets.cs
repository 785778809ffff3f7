namespace Snippets;

/// <summary>Every snippet by its file, without the ending.</summary>
internal static class AllSnippets
{
    public static IReadOnlyDictionary<string, Action> ByName { get; } = new Dictionary<string, Action>
    {
        ["MulticlassClassification/TwoLayerNetwork"] = MulticlassClassification.TwoLayerNetwork.Example,
        ["MulticlassClassification/TwoLayerNetworkWithOptions"] = MulticlassClassification.TwoLayerNetworkWithOptions.Example,
        ["BinaryClassification/TwoLayerNetwork"] = BinaryClassification.TwoLayerNetwork.Example,
        ["BinaryClassification/TwoLayerNetworkWithOptions"] = BinaryClassification.TwoLayerNetworkWithOptions.Example,
        ["Regression/TwoLayerNetwork"] = Regression.TwoLayerNetwork.Example,
        ["Regression/TwoLayerNetworkWithOptions"] = Regression.TwoLayerNetworkWithOptions.Example,
        ["Regression/TwoLayerNetworkMultiOutput"] = Regression.TwoLayerNetworkMultiOutput.Example,
        ["Multilabel/TwoLayerNetworkMultilabel"] = Multilabel.TwoLayerNetworkMultilabel.Example,
        ["Multilabel/TwoLayerNetworkMultilabelWithOptions"] = Multilabel.TwoLayerNetworkMultilabelWithOptions.Example,
        ["Input/FromDataFrame"] = Input.FromDataFrame.Example,
        ["Input/FromParquet"] = Input.FromParquet.Example,
    };
}
