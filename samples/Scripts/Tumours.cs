#!/usr/bin/env dotnet
// A table from the first look to a model and a report: what one would write into a notebook. Run it with
//     dotnet run samples/Scripts/Tumours.cs
#:project ../../src/MnistMlNet.Reporting
#:project ../../src/MnistMlNet.Extensibility
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Reporting;

var mlContext = new MLContext(seed: 1);
var file = new MultiFileSource(PathOf("breast-cancer.csv"));
IDataView tumours = mlContext.Data.CreateTextLoader(
    [new TextLoader.Column("Features", DataKind.Single, 0, 9), new TextLoader.Column("Label", DataKind.Boolean, 10)],
    separatorChar: ',', hasHeader: true, dataSample: file).Load(file);          // the names of the features come from the sample's header

Console.WriteLine("1. The data");
float[][] rows = [.. tumours.GetColumn<float[]>("Features")];
bool[] malignant = [.. tumours.GetColumn<bool>("Label")];
VBuffer<ReadOnlyMemory<char>> names = default;
tumours.Schema["Features"].GetSlotNames(ref names);
Console.WriteLine($"{rows.Length} tumours, {malignant.Count(label => label)} of them malignant. Means:");
Console.WriteLine($"{"",-20} {"benign",10} {"malignant",10}");
foreach ((int i, ReadOnlyMemory<char> name) in names.DenseValues().Index())
{
    float Mean(bool label) => rows.Where((_, r) => malignant[r] == label).Average(row => row[i]);
    Console.WriteLine($"{name,-20} {Mean(false),10:G4} {Mean(true),10:G4}");
}

Console.WriteLine("\n2. How good is a network with default options? Five folds:");
var trainer = mlContext.BinaryClassification.Trainers.TwoLayerNetwork();
var folds = mlContext.BinaryClassification.CrossValidate(tumours, trainer, numberOfFolds: 5);
Console.WriteLine($"accuracy {folds.Average(fold => fold.Metrics.Accuracy):P1}, log-loss {folds.Average(fold => fold.Metrics.LogLoss):F3}, "
    + $"area under the ROC curve {folds.Average(fold => fold.Metrics.AreaUnderRocCurve):F3}");

Console.WriteLine("\n3. A model, trained on 70 % of the rows, and its report about the others:");
var split = mlContext.Data.TrainTestSplit(tumours, testFraction: 0.3);
var model = trainer.Fit(split.TrainSet);
Console.WriteLine(model.Model);
mlContext.Model.Save(model, tumours.Schema, "tumours.zip");
TrainingReport.Create(mlContext, model, split.TestSet).SaveHtml("tumours.html");
Console.WriteLine("\nWritten: tumours.zip (the model), tumours.html (open it in a browser).");

// `dotnet run` says where the script is.
static string PathOf(string file) =>
    Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "breast-cancer", file);
