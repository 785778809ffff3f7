using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>The statements of docs/versions.md about plug-ins that share Microsoft.ML with their host.</summary>
public sealed class PluginLoadContextTests
{
    [Fact]
    public void Load_PluginSharesMicrosoftML_FindsThePluginsAssembliesOnlyWithinItsContextualReflection()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.zip");
        var mlContext = new MLContext(seed: 1);
        IDataView data = Examples.Keyed(mlContext, Examples.Rows(30));
        mlContext.Model.Save(Examples.Trainer(mlContext).Fit(data), data.Schema, path);
        var plugin = new PluginContext();
        try
        {
            Assembly outside = LoadedFrom(path);
            Assembly inside;
            using (plugin.EnterContextualReflection())
            {
                inside = LoadedFrom(path);
            }

            // This test's own process is the host and has the assemblies, so they are found outside the plug-in's context.
            Assert.Same(typeof(TwoLayerNetworkTransformer).Assembly, outside);
            Assert.Same(plugin, AssemblyLoadContext.GetLoadContext(inside));
            Assert.True(inside.GetType(typeof(TwoLayerNetworkTransformer).FullName!)!.IsAssignableTo(typeof(ITransformer)));
        }
        finally
        {
            plugin.Unload();
        }
    }

    private static Assembly LoadedFrom(string path)
    {
        ITransformer model = new MLContext(seed: 1).Model.Load(path, out _);
        return (model is TransformerChain<ITransformer> chain ? chain.LastTransformer : model).GetType().Assembly;
    }

    /// <summary>Loads the library's two assemblies itself, and everything else from the host.</summary>
    private sealed class PluginContext() : AssemblyLoadContext("plug-in", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name is "MnistMlNet" or "MnistMlNet.Extensibility"
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
                : null;
    }
}
