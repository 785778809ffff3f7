using System.Globalization;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>An ONNX file as lines of text, by the field numbers of onnx.proto: its header, inputs, constants, nodes and outputs.</summary>
internal sealed class OnnxText
{
    private static readonly string[] s_types = ["", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool",
        "float16", "double", "uint32", "uint64"];

    private readonly ProtobufField[] _file;
    private readonly ProtobufField[] _graph;

    public OnnxText(string path)
    {
        _file = ProtobufField.Read(File.ReadAllBytes(path));
        _graph = Assert.Single(All(_file, 7)).Fields;
    }

    public ulong IrVersion => Assert.Single(All(_file, 1)).Varint;

    public string Producer => $"{Assert.Single(All(_file, 2)).Text} {Assert.Single(All(_file, 3)).Text}";

    public string Description => Assert.Single(All(_file, 6)).Text;

    /// <summary>Gets the operators' domain and version.</summary>
    public string Opset =>
        string.Join(", ", All(_file, 8).Select(set => $"'{Text(set.Fields, 1)}' {Assert.Single(All(set.Fields, 2)).Varint}"));

    public Dictionary<string, string> Metadata =>
        All(_file, 14).ToDictionary(entry => Text(entry.Fields, 1), entry => Text(entry.Fields, 2));

    public string[] Inputs => [.. All(_graph, 11).Select(Value)];

    public string[] Outputs => [.. All(_graph, 12).Select(Value)];

    public string[] Nodes => [.. All(_graph, 1).Select(node => node.Fields).Select(node =>
        $"{Text(node, 2)} = {Text(node, 4)}({string.Join(", ", InputsAndAttributes(node))})")];

    /// <summary>Gets the constants' types and shapes.</summary>
    public string[] Constants => [.. All(_graph, 5).Select(tensor => tensor.Fields).Select(tensor =>
        $"{Text(tensor, 8)}: {s_types[Assert.Single(All(tensor, 2)).Varint]}"
            + $"[{string.Join(", ", All(tensor, 1).Select(dimension => dimension.Varint))}]")];

    public float[] Singles(string constant) => Assert.Single(All(Constant(constant), 9)).Singles;

    public string[] Texts(string constant) => [.. All(Constant(constant), 6).Select(text => text.Text)];

    private ProtobufField[] Constant(string name) =>
        All(_graph, 5).Select(tensor => tensor.Fields).Single(tensor => Text(tensor, 8) == name);

    private static string Value(ProtobufField value)
    {
        ProtobufField[] tensor = Only(Only(value.Fields, 2), 1);
        IEnumerable<string> shape = All(Only(tensor, 2), 1).Select(dimension => dimension.Fields).Select(dimension =>
            All(dimension, 2) is [var name] ? name.Text : Assert.Single(All(dimension, 1)).Varint.ToString(CultureInfo.InvariantCulture));
        return $"{Text(value.Fields, 1)}: {s_types[Assert.Single(All(tensor, 1)).Varint]}[{string.Join(", ", shape)}]";
    }

    private static IEnumerable<string> InputsAndAttributes(ProtobufField[] node) =>
        All(node, 1).Select(input => input.Text).Concat(All(node, 5).Select(attribute => Attribute(attribute.Fields)));

    private static string Attribute(ProtobufField[] attribute) => Assert.Single(All(attribute, 20)).Varint switch
    {
        1 => string.Create(CultureInfo.InvariantCulture, $"{Text(attribute, 1)}={Assert.Single(All(attribute, 2)).Singles[0]}"),
        2 => string.Create(CultureInfo.InvariantCulture, $"{Text(attribute, 1)}={Assert.Single(All(attribute, 3)).Varint}"),
        3 => $"{Text(attribute, 1)}={Text(attribute, 4)}",
        6 => $"{Text(attribute, 1)}=[{string.Join(' ', All(attribute, 7).Select(Number))}]",
        7 => $"{Text(attribute, 1)}=[{string.Join(' ', All(attribute, 8).Select(value => (long)value.Varint))}]",
        8 => $"{Text(attribute, 1)}=[{string.Join(' ', All(attribute, 9).Select(value => value.Text))}]",
        var type => throw new InvalidDataException($"An attribute has the type {type}."),
    };

    private static string Number(ProtobufField value) => value.Singles[0].ToString(CultureInfo.InvariantCulture);

    private static string Text(ProtobufField[] fields, int number) => Assert.Single(All(fields, number)).Text;

    private static ProtobufField[] Only(ProtobufField[] fields, int number) => Assert.Single(All(fields, number)).Fields;

    private static ProtobufField[] All(ProtobufField[] fields, int number) => [.. fields.Where(field => field.Number == number)];
}
