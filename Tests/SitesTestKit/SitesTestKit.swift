public enum SitesTestKit {}
