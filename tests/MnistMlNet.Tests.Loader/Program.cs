using Microsoft.ML;
using Microsoft.ML.Data;

if (args[0] == "train")
{
    KillableTraining.Run(args[1], args[2]);
    return 0;
}

// A process that knows nothing of MnistMlNet: it loads the model args[0] with ML.NET alone, scores the binary view args[1],
// and writes the bits of all scores and predicted keys to args[2].
if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith("MnistMlNet", StringComparison.Ordinal) && assembly != typeof(Program).Assembly))
{
    Console.Error.WriteLine("MnistMlNet was loaded before Model.Load was called: this proves nothing.");
    return 2;
}

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out DataViewSchema _);
IDataView scored = model.Transform(mlContext.Data.LoadFromBinary(args[1]));
using var writer = new BinaryWriter(File.Create(args[2]));
foreach (float probability in scored.GetColumn<float[]>("Score").SelectMany(score => score))
{
    writer.Write(probability);
}

foreach (uint key in scored.GetColumn<uint>("PredictedLabel"))
{
    writer.Write(key);
}

Console.WriteLine(model.GetType().FullName);
return 0;
