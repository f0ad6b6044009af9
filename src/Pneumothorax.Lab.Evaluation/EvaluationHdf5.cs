using System.Reflection;
using Pneumothorax.Lab.Datasets.Hdf5;
using Pneumothorax.Lab.Experiments;
using PureHDF;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>The names and shapes of <c>evaluation.h5</c>, in one place for writing and reading.</summary>
internal static class EvaluationHdf5
{
    public static void Write(EvaluationFile evaluation, string path)
    {
        ulong n = (ulong)evaluation.Count, classes = EvaluationFile.Classes, side = (ulong)evaluation.MapSize,
            channels = (ulong)evaluation.MapChannels, kept = (ulong)evaluation.FeatureIndex.Length, v = (ulong)evaluation.ValidationLabels.Length;
        var file = new H5File
        {
            ["label"] = Shaped(evaluation.Labels, n),
            ["logit"] = Shaped(evaluation.Logits, n, classes),
            ["probability"] = Shaped(evaluation.Probabilities, n, classes),
            ["cam"] = Shaped(evaluation.Cam.ToArray(), n, classes, side, side),
            ["classifier_weight"] = Shaped(evaluation.ClassifierWeight, classes, channels),
            ["classifier_bias"] = Shaped(evaluation.ClassifierBias, classes),
        };
        // HDF5 can hold empty arrays, but not every reader likes them: what is empty is left out.
        if (kept > 0)
        {
            file["feature_index"] = Shaped(evaluation.FeatureIndex, kept);
            file["features"] = Shaped(evaluation.Features.ToArray(), kept, channels, side, side);
        }
        if (v > 0)
        {
            file["validation_label"] = Shaped(evaluation.ValidationLabels, v);
            file["validation_logit"] = Shaped(evaluation.ValidationLogits, v, classes);
            file["validation_probability"] = Shaped(evaluation.ValidationProbabilities, v, classes);
        }
        var info = evaluation.Info;
        file.Attributes["run"] = info.Run;
        file.Attributes["checkpoint_step"] = info.CheckpointStep;
        file.Attributes["dataset"] = info.Dataset;
        file.Attributes["data_hash"] = info.DataHash;
        file.Attributes["network"] = info.Network;
        file.Attributes["split"] = info.Split;
        file.Attributes["creator"] = info.Creator;

        AtomicFile.Write(path, temporary =>
        {
            try { file.Write(temporary); }
            // PureHDF calls its encoders by reflection, which hides what the disk said.
            catch (TargetInvocationException exception) when (exception.InnerException is IOException refused) { throw new IOException(refused.Message, refused); }
        });
    }

    public static EvaluationFile Read(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing: the run has not been evaluated.");
        try
        {
            // Others may be reading, and the file may be replaced by a newer one meanwhile.
            using var stream = Hdf5FileStream.Open(path, FileShare.ReadWrite | FileShare.Delete);
            using var file = H5File.Open(stream, leaveOpen: true);
            return new()
            {
                Info = new(
                    Text(file, "run"), file.Attribute("checkpoint_step").Read<int>(), Text(file, "dataset"), Text(file, "data_hash"),
                    Text(file, "network"), Text(file, "split"), Text(file, "creator")),
                Labels = Values<byte>(file, "label"),
                Logits = Values<float>(file, "logit"),
                Probabilities = Values<double>(file, "probability"),
                MapSize = (int)file.Dataset("cam").Space.Dimensions[^1],
                Cam = Maps(file, stream, "cam"),
                ClassifierWeight = Values<float>(file, "classifier_weight"),
                ClassifierBias = Values<float>(file, "classifier_bias"),
                FeatureIndex = Values<int>(file, "feature_index", optional: true),
                Features = file.LinkExists("features") ? Maps(file, stream, "features") : Array.Empty<float>(),
                ValidationLabels = Values<byte>(file, "validation_label", optional: true),
                ValidationLogits = Values<float>(file, "validation_logit", optional: true),
                ValidationProbabilities = Values<double>(file, "validation_probability", optional: true),
            };
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            // PureHDF reports damage with whatever exception it met, down to a plain Exception.
            throw new InvalidDataException($"{path} is not a readable evaluation: {exception.Message}", exception);
        }
    }

    private static H5Dataset Shaped<T>(T[] values, params ulong[] shape) => new(values, fileDims: shape);

    private static string Text(NativeFile file, string name) => file.Attribute(name).Read<string>();

    private static T[] Values<T>(NativeFile file, string name, bool optional = false) =>
        optional && !file.LinkExists(name) ? [] : file.Dataset(name).Read<T[]>();

    /// <summary>Maps that lie in one piece, as <see cref="Write"/> leaves them, stay in the file; packed ones (h5py's chunks) are read at once.</summary>
    private static MapArray Maps(NativeFile file, Hdf5FileStream stream, string name)
    {
        var dataset = (NativeDataset)file.Dataset(name);
        return Hdf5Array.Open(stream, dataset, "(N, 2, h, w)", new(stream.File.Name, name)).PlaceOfFloats() is { } place
            ? MapArray.InFile(stream.File, place, (long)dataset.Space.Dimensions.Aggregate(1UL, (product, size) => product * size))
            : dataset.Read<float[]>();
    }
}
