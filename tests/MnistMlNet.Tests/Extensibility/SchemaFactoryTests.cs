using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

public sealed class SchemaFactoryTests
{
    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public void CreateTrainerInfo_EachFlag_ReachesItsOwnProperty(bool normalization, bool caching, bool validation, bool incremental)
    {
        TrainerInfo info = SchemaFactory.CreateTrainerInfo(normalization, caching, validation, incremental);

        Assert.Equal(normalization, info.NeedNormalization);
        Assert.Equal(caching, info.WantCaching);
        Assert.Equal(validation, Internal("SupportsValidation"));
        Assert.Equal(incremental, Internal("SupportsIncrementalTraining"));
        Assert.Equal(false, Internal("NeedCalibration"));
        Assert.Equal(false, Internal("SupportsTest"));

        object? Internal(string property)
            => typeof(TrainerInfo).GetProperty(property, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(info);
    }

    [Fact]
    public void CreateColumn_WithAnnotations_HasTheGivenAnnotations()
    {
        SchemaShape annotations = new(
            [SchemaFactory.CreateColumn("SlotNames", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)]);

        SchemaShape.Column column = SchemaFactory.CreateColumn(
            "Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, annotations);

        Assert.Equal("Score", column.Name);
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, column.Kind);
        Assert.Same(NumberDataViewType.Single, column.ItemType);
        Assert.False(column.IsKey);
        Assert.Same(annotations, column.Annotations);
    }

    [Fact]
    public void CreateColumn_KeyWithoutAnnotations_HasNone()
    {
        SchemaShape.Column column = SchemaFactory.CreateColumn(
            "Label", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true);

        Assert.True(column.IsKey);
        Assert.Empty(column.Annotations);
    }

    [Fact]
    public void CreateShape_KeyAndVector_KeepsKindsAndAnnotations()
    {
        DataViewSchema.Annotations.Builder annotations = new();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, 3),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = default);
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3), annotations.ToAnnotations());
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 784));

        SchemaShape shape = SchemaText.Shape(schema.ToSchema());

        Assert.Equal(["Label", "Features"], shape.Select(column => column.Name));
        Assert.True(shape[0].IsKey);
        Assert.Same(NumberDataViewType.UInt32, shape[0].ItemType);
        Assert.Equal("KeyValues", Assert.Single(shape[0].Annotations).Name);
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, shape[1].Kind);
        Assert.Same(NumberDataViewType.Single, shape[1].ItemType);
    }

    [Fact]
    public void ExceptSchemaMismatch_MissingColumn_IsWhatABuiltInTrainerThrowsWithTheRemedyAdded()
    {
        MLContext mlContext = new(seed: 1);
        SchemaShape noFeatures = new(
            [SchemaFactory.CreateColumn("Label", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true)]);
        Exception expected = Assert.ThrowsAny<Exception>(
            () => mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy().GetOutputSchema(noFeatures));

        Exception actual = mlContext.Model.GetEnvironment().ExceptSchemaMismatch("inputSchema", "feature", "Features", "Add it.");

        Assert.IsType<ArgumentOutOfRangeException>(actual);
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(
            expected.Message.Replace("'Features' (", "'Features'. Add it. (", StringComparison.Ordinal), actual.Message);
    }

    [Fact]
    public void ExceptSchemaMismatch_OtherType_IsWordForWordWhatABuiltInTrainerThrows()
    {
        MLContext mlContext = new(seed: 1);
        SchemaShape scalarFeatures = new(
        [
            SchemaFactory.CreateColumn("Label", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            SchemaFactory.CreateColumn("Features", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false),
        ]);
        Exception expected = Assert.ThrowsAny<Exception>(
            () => mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy().GetOutputSchema(scalarFeatures));

        Exception actual = mlContext.Model.GetEnvironment().ExceptSchemaMismatch(
            "inputSchema", "feature", "Features", "Vector<Single>", "Single");

        Assert.Equal(expected.Message, actual.Message);
    }

    [Fact]
    public void ExceptSchemaMismatch_ByAHost_IsMarkedAsMLNetsOwn()
    {
        IHost host = new MLContext().Data.GetEnvironment().Register("TwoLayerNetwork");

        Exception exception = host.ExceptSchemaMismatch("input", "label", "Digit", "Add it.");

        Assert.Equal("input", Assert.IsType<ArgumentOutOfRangeException>(exception).ParamName);
        Assert.True(exception.Data.Contains("ML_IsMarked"));
    }
}
