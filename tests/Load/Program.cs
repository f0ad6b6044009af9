using System.CommandLine;
using Pneumothorax.Lab.Load;

var students = new Option<int>("--students") { HelpName = "N", Description = "Students, each with an own page on an own live run", DefaultValueFactory = _ => 100 };
var rate = new Option<double>("--rate") { HelpName = "N", Description = "Lines that each run writes a second", DefaultValueFactory = _ => 4 };
var seconds = new Option<int>("--seconds") { HelpName = "S", Description = "How long to measure", DefaultValueFactory = _ => 60 };
var loads = new Option<double>("--loads") { HelpName = "N", Description = "Pages that are loaded a second meanwhile", DefaultValueFactory = _ => 2 };
var json = new Option<FileInfo?>("--json") { HelpName = "FILE", Description = "Also writes the figures there" };
var root = new RootCommand("A class at work on one portal: from a trainer's line to each student's chart, how long it takes and what it costs.") { students, rate, seconds, loads, json };
root.SetAction((parsed, cancellationToken) => ClassAtWork.RunAsync(
    new(parsed.GetValue(students), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(loads), parsed.GetValue(json)),
    cancellationToken));
return await root.Parse(args).InvokeAsync();
