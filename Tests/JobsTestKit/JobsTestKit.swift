/// Shared by the tests of jobs, of the task runtime and of the program.
public enum JobsTestKit {}
