using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>
/// The extensibility layer against the ML.NET that runs: an internal member that was renamed or removed is reported here by name.
/// </summary>
public sealed class MlNetInternalsContractTests : IDisposable
{
    private readonly RealAssemblies _real = new(AppContext.BaseDirectory);
    private readonly byte[] _extensibility = File.ReadAllBytes(typeof(LoadableTransformerBase).Assembly.Location);

    public void Dispose() => _real.Dispose();

    [Fact]
    public void Every_reference_of_the_extensibility_layer_is_found_in_ML_NET()
    {
        MlNetInternalsContract contract = MlNetInternalsContract.Check(_extensibility, _real);

        Assert.Empty(contract.Problems);
        Assert.InRange(contract.ReferenceCount, 40, 300);
    }

    [Theory]
    [InlineData("SetVersionInfo", "ModelSaveContext::XetVersionInfo: wanted instance Void(struct Microsoft.ML.VersionInfo)")]
    [InlineData("CbModel", "member Microsoft.ML.ModelHeader::XbModel: wanted field Int64")]
    [InlineData("ICancelable", "type Microsoft.ML.Runtime.XCancelable: not in Microsoft.ML.Core")]
    [InlineData("MulticlassClassificationTrainers", "Catalog+XulticlassClassificationTrainers: not in Microsoft.ML.Data")]
    [InlineData("Microsoft.ML.SignatureLoadModel", "type Xicrosoft.ML.SignatureLoadModel: not in Microsoft.ML.Core")]
    [InlineData("get_FeatureColumnName", "does not implement Microsoft.ML.ISingleFeaturePredictionTransformer::get_FeatureColumnName")]
    [InlineData("get_DistType", "does not implement Microsoft.ML.Data.IValueMapperDist::get_DistType")]
    [InlineData("IDistPredictorProducing`2", "type Microsoft.ML.XDistPredictorProducing`2: not in Microsoft.ML.Core")]
    [InlineData("BinaryPredictionTransformer`1", "member Microsoft.ML.Data.XinaryPredictionTransformer`1::.ctor: its type is not in")]
    [InlineData("Microsoft.ML.Data", "no IgnoresAccessChecksTo names Microsoft.ML.Data", true)]
    public void Check_OneNameChanged_IsReportedByName(string name, string report, bool isAttributeValue = false)
    {
        // Simulates that ML.NET renamed a member: the extensibility layer asks for a name with one letter changed. It is the first letter,
        // since metadata stores a name that is the end of another name only once.
        // The text of an attribute has its length in front, which distinguishes it from a name that only begins with the same letters.
        int prefix = isAttributeValue ? 1 : 0;
        byte[] original = [.. isAttributeValue ? [(byte)name.Length] : Array.Empty<byte>(), .. Encoding.UTF8.GetBytes(name)];
        byte[] image = [.. _extensibility];
        for (int at; (at = image.AsSpan().IndexOf(original)) >= 0;)
        {
            image[at + prefix] = (byte)'X';
        }

        MlNetInternalsContract contract = MlNetInternalsContract.Check(image, _real);

        Assert.Contains(contract.Problems, problem => problem.Contains(report, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_SameNameOtherSignature_IsReportedWithBoth()
    {
        byte[] image = MakeAssembly(
            "Microsoft.ML.Core", "Microsoft.ML", "ModelSaveContext", "CheckAtModel", returns => returns.Type().Int32());

        MlNetInternalsContract contract = MlNetInternalsContract.Check(image, _real);

        Assert.Contains(
            "member Microsoft.ML.ModelSaveContext::CheckAtModel: wanted instance Int32(), Microsoft.ML.Core has instance Void()",
            contract.Problems);
    }

    [Fact]
    public void Check_InternalOfAnAssemblyThatIsNotGranted_IsReported()
    {
        byte[] image = MakeAssembly("Microsoft.ML.Core", "Microsoft.ML", "ModelSaveContext", "CheckAtModel", returns => returns.Void());

        MlNetInternalsContract contract = MlNetInternalsContract.Check(image, _real);

        Assert.Equal(
            "member Microsoft.ML.ModelSaveContext::CheckAtModel: not public, and no IgnoresAccessChecksTo names Microsoft.ML.Core",
            Assert.Single(contract.Problems));
    }

    [Fact]
    public void Check_AssemblyThatDoesNotExist_IsReported()
    {
        byte[] image = MakeAssembly("Microsoft.ML.Nowhere", "Microsoft.ML", "Gone", "Lost", returns => returns.Void());

        MlNetInternalsContract contract = MlNetInternalsContract.Check(image, _real);

        Assert.Equal(3, contract.Problems.Count);
        Assert.All(contract.Problems, problem => Assert.Contains("Microsoft.ML.Nowhere", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_assemblies_do_not_ship()
    {
        // A stub in their place would have no code at all.
        foreach (Type type in new[] { typeof(Microsoft.ML.ITransformer), typeof(Microsoft.ML.MulticlassClassificationCatalog) })
        {
            Assert.True(new FileInfo(type.Assembly.Location).Length > 100_000, type.Assembly.Location);
        }
    }

    /// <summary>Makes an assembly whose only content is a reference to one method without parameters.</summary>
    private static byte[] MakeAssembly(
        string assembly, string @namespace, string type, string method, Action<ReturnTypeEncoder> returnType)
    {
        MetadataBuilder metadata = new();
        metadata.AddModule(0, metadata.GetOrAddString("fake.dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("fake"), new Version(1, 0, 0, 0), default, default, default, default);
        AssemblyReferenceHandle scope = metadata.AddAssemblyReference(
            metadata.GetOrAddString(assembly),
            new Version(1, 0, 0, 0),
            default,
            metadata.GetOrAddBlob(typeof(Microsoft.ML.ITransformer).Assembly.GetName().GetPublicKeyToken()!),
            default,
            default);
        TypeReferenceHandle parent = metadata.AddTypeReference(
            scope, metadata.GetOrAddString(@namespace), metadata.GetOrAddString(type));
        BlobBuilder signature = new();
        new BlobEncoder(signature).MethodSignature(isInstanceMethod: true).Parameters(0, returnType, _ => { });
        metadata.AddMemberReference(parent, metadata.GetOrAddString(method), metadata.GetOrAddBlob(signature));

        BlobBuilder image = new();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        return image.ToArray();
    }
}
