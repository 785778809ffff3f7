namespace MnistMlNet.Serialization.Onnx;

/// <summary>An ONNX graph to which nodes can be added: a file of this package, or the graph of ML.NET's <c>ConvertToOnnx</c>.</summary>
internal interface IOnnxNodes
{
    /// <summary>Adds floats of the given shape and returns the name of the value.</summary>
    string Constant(string name, ReadOnlySpan<int> shape, Func<ReadOnlyMemory<float>> values);

    /// <summary>Adds one integer and returns the name of the value.</summary>
    string Scalar(string name, long value);

    /// <summary>Adds <c>output = type(inputs)</c> and returns the name of the output, which may have been made unique.</summary>
    string Node(string type, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes);
}

/// <summary>An attribute of a node.</summary>
internal readonly struct OnnxAttribute
{
    private OnnxAttribute(string name, object value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Initializes a new instance of the <see cref="OnnxAttribute"/> struct with an integer.</summary>
    public OnnxAttribute(string name, long value)
        : this(name, (object)value)
    {
    }

    /// <inheritdoc cref="OnnxAttribute(string, long)"/>
    public OnnxAttribute(string name, float value)
        : this(name, (object)value)
    {
    }

    /// <inheritdoc cref="OnnxAttribute(string, long)"/>
    public OnnxAttribute(string name, string value)
        : this(name, (object)value)
    {
    }

    /// <inheritdoc cref="OnnxAttribute(string, long)"/>
    public OnnxAttribute(string name, float[] values)
        : this(name, (object)values)
    {
    }

    /// <inheritdoc cref="OnnxAttribute(string, long)"/>
    public OnnxAttribute(string name, long[] values)
        : this(name, (object)values)
    {
    }

    /// <inheritdoc cref="OnnxAttribute(string, long)"/>
    public OnnxAttribute(string name, string[] values)
        : this(name, (object)values)
    {
    }

    public string Name { get; }

    /// <summary>Gets an integer (<see cref="long"/>), a float, a text, or an array of one of these types.</summary>
    public object Value { get; }

    /// <summary>Makes the attribute <c>to</c> of the operator Cast.</summary>
    public static OnnxAttribute To(OnnxElement element) => new("to", (long)element);
}
