using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Runs;

public sealed class RunSettingsTests
{
    [Fact]
    public void ChangesTo_ListsOnlyWhatDiffers()
    {
        var was = new RunSettings("xray", "lite", new() { LearningRate = 0.05, Seed = 1234 });

        var changes = was.ChangesTo(was with { Network = "lab", Hyperparameters = was.Hyperparameters with { LearningRate = 0.00001 } });

        Assert.Equal([new("network", "Network", "Light", "Lab"), new SettingChange("learningRate", "Learning rate", "0.05", "0.00001")], changes);
    }

    [Fact]
    public void List_NamesEveryHyperparameter()      // one that is added later must not be forgotten in comparisons
    {
        var names = new RunSettings("xray", "lite", new() { Schedule = Schedule.Step }).List().Select(setting => setting.Name);

        Assert.Superset(Ranges.All.Where(info => info != Ranges.Epochs && info.ChangesResults).Select(info => info.Name).ToHashSet(), names.ToHashSet());
    }

    [Fact]
    public void ChangesTo_WhatIsRecorded_IsNoDifference()
    {
        var was = new RunSettings("xray", "lite", new());

        Assert.Empty(was.ChangesTo(was with { Hyperparameters = was.Hyperparameters with { RecordImages = true, RecordDistributions = true } }));
    }

    /// <summary>A run.json holds each of the three once, where other programs and older versions look for it.</summary>
    [Fact]
    public void Settings_OfASpec_AreNotStoredTwice()
    {
        var settings = new RunSettings("xray", "lite", new() { Seed = 7 });
        var spec = RunSpec.Of("Mine", settings);

        var json = JsonSerializer.SerializeToElement(spec, LabJson.Document);

        Assert.Equal(["name", "dataset", "network", "hyperparameters", "software"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(settings, json.Deserialize<RunSpec>(LabJson.Document)!.Settings);
    }

    [Fact]
    public void Text_KeepsTheDigitsThatWereGiven()
    {
        Assert.Equal("0.0123456", RunSettings.Text(Ranges.LearningRate, 0.0123456));
        Assert.Equal("1,000,000", RunSettings.Text(Ranges.Steps, 1_000_000));
        Assert.Equal("20260101", RunSettings.Text(Ranges.Seed, 20260101));
    }
}
