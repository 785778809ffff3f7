using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

public sealed class MLContextInternalsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void GetEnvironment_AnyCatalog_IsTheContextsOwn()
    {
        IHostEnvironment environment = _mlContext.MulticlassClassification.Trainers.GetEnvironment();

        Assert.Same(environment, _mlContext.BinaryClassification.Trainers.GetEnvironment());
        Assert.Same(environment, _mlContext.Regression.Trainers.GetEnvironment());
        Assert.Same(environment, _mlContext.Data.GetEnvironment());
        Assert.Same(environment, _mlContext.Model.GetEnvironment());
        Assert.NotSame(environment, new MLContext(seed: 1).Data.GetEnvironment());
    }

    [Fact]
    public void GetEnvironment_NullCatalog_IsRefused()
        => Assert.Throws<ArgumentNullException>(() => ((ModelOperationsCatalog)null!).GetEnvironment());

    [Fact]
    public void A_host_of_the_environment_logs_to_the_context_and_draws_from_its_seed()
    {
        List<string> messages = [];
        _mlContext.Log += (_, message) => messages.Add(message.Message);

        IHost host = _mlContext.MulticlassClassification.Trainers.GetEnvironment().Register("Trainer");
        using (IChannel channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch 1");
        }

        Assert.Contains(messages, message => message.Contains("epoch 1", StringComparison.Ordinal));
        Assert.Equal(new MLContext(seed: 1).Data.GetEnvironment().Register("Trainer").Rand.Next(), host.Rand.Next());
    }

    [Fact]
    public void IsCanceled_AfterCancelExecution_IsTrueForTheEnvironmentAndEveryHostOfIt()
    {
        IHostEnvironment environment = _mlContext.MulticlassClassification.Trainers.GetEnvironment();
        IHost before = environment.Register("Before");
        Assert.False(environment.IsCanceled());
        Assert.False(before.IsCanceled());

        CancelExecution(_mlContext);

        Assert.True(environment.IsCanceled());
        Assert.True(before.IsCanceled());
        Assert.True(environment.Register("After").IsCanceled());
    }

    [Fact]
    public void IsCanceled_EnvironmentWithoutAFlag_IsFalse()
    {
        // MLContext is itself an IHostEnvironment, and the only kind without this flag.
        CancelExecution(_mlContext);

        Assert.False(((IHostEnvironment)_mlContext).IsCanceled());
    }

    [Fact]
    public void CancelExecution_InThisMicrosoftML_IsNotPublicAsTheDocumentationSays()
    {
        // If this fails, the member is public now: Options.CancellationToken, docs/features.md and docs/troubleshooting.md may recommend
        // it.
        MethodInfo method = Assert.Single(
            typeof(MLContext).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            candidate => candidate.Name == "CancelExecution");

        Assert.False(method.IsPublic);
    }

    // Internal in Microsoft.ML; the package Microsoft.ML.Experimental makes it public as an extension.
    private static void CancelExecution(MLContext mlContext)
        => typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(mlContext, null);
}
